// Package remote is a TEST DOUBLE of the remote module of Pulumi's command provider 1.2.1, whose code
// is published in no form that Go can fetch. It has the resource Command alone, written from the
// public schema on the framework that the official provider uses.
package remote

import (
	"context"
	"errors"

	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Version is the Pulumi package that this one stands in for.
const Version = "1.2.1"

// Command runs a command over SSH when it is created, changed and deleted.
type Command struct{}

// CommandArgs are the inputs; a change of triggers replaces the resource, any other updates it.
type CommandArgs struct {
	Connection             Connection         `pulumi:"connection" provider:"secret"`
	Create                 *string            `pulumi:"create,optional"`
	Update                 *string            `pulumi:"update,optional"`
	Delete                 *string            `pulumi:"delete,optional"`
	Stdin                  *string            `pulumi:"stdin,optional"`
	Environment            *map[string]string `pulumi:"environment,optional"`
	Triggers               *[]any             `pulumi:"triggers,optional" provider:"replaceOnChanges"`
	Logging                *Logging           `pulumi:"logging,optional"`
	AddPreviousOutputInEnv *bool              `pulumi:"addPreviousOutputInEnv,optional"`
}

// Annotate states the defaults.
func (c *CommandArgs) Annotate(a infer.Annotator) {
	a.SetDefault(&c.AddPreviousOutputInEnv, true)
}

// CommandState is what is recorded: the inputs and what the last command printed.
type CommandState struct {
	CommandArgs
	Stdout string `pulumi:"stdout"`
	Stderr string `pulumi:"stderr"`
}

// WireDependencies says which inputs make which outputs secret or unknown: what a command prints
// follows from the command and from what it is given.
func (*Command) WireDependencies(f infer.FieldSelector, args *CommandArgs, state *CommandState) {
	f.OutputField(&state.Connection).DependsOn(f.InputField(&args.Connection))
	f.OutputField(&state.Create).DependsOn(f.InputField(&args.Create))
	f.OutputField(&state.Update).DependsOn(f.InputField(&args.Update))
	f.OutputField(&state.Delete).DependsOn(f.InputField(&args.Delete))
	f.OutputField(&state.Stdin).DependsOn(f.InputField(&args.Stdin))
	f.OutputField(&state.Environment).DependsOn(f.InputField(&args.Environment))
	f.OutputField(&state.Triggers).DependsOn(f.InputField(&args.Triggers))
	f.OutputField(&state.Logging).DependsOn(f.InputField(&args.Logging))
	for _, printed := range []any{&state.Stdout, &state.Stderr} {
		f.OutputField(printed).DependsOn(
			f.InputField(&args.Create), f.InputField(&args.Update),
			f.InputField(&args.Stdin), f.InputField(&args.Environment),
		)
	}
}

// Create runs the create command.
func (*Command) Create(
	ctx context.Context, req infer.CreateRequest[CommandArgs],
) (infer.CreateResponse[CommandState], error) {
	response := infer.CreateResponse[CommandState]{Output: CommandState{CommandArgs: req.Inputs}}
	id, err := resource.NewUniqueHex(req.Name, 8, 0)
	if err != nil {
		return response, err
	}
	response.ID = id
	if !req.DryRun {
		err = response.Output.run(ctx, req.Inputs.Create, nil)
	}
	return response, err
}

// Update runs the update command, or the create command where there is none.
func (*Command) Update(
	ctx context.Context, req infer.UpdateRequest[CommandArgs, CommandState],
) (infer.UpdateResponse[CommandState], error) {
	state := CommandState{CommandArgs: req.Inputs, Stdout: req.State.Stdout, Stderr: req.State.Stderr}
	if req.DryRun {
		return infer.UpdateResponse[CommandState]{Output: state}, nil
	}
	command := req.Inputs.Update
	if command == nil {
		command = req.Inputs.Create
	}
	err := state.run(ctx, command, &req.State)
	return infer.UpdateResponse[CommandState]{Output: state}, err
}

// Delete runs the delete command.
func (*Command) Delete(
	ctx context.Context, req infer.DeleteRequest[CommandState],
) (infer.DeleteResponse, error) {
	state := req.State
	return infer.DeleteResponse{}, state.run(ctx, req.State.Delete, &req.State)
}

// run executes the command and records what it prints. It does nothing where there is no command.
func (s *CommandState) run(ctx context.Context, command *string, previous *CommandState) error {
	if command == nil {
		return nil
	}
	if s.Connection.Proxy != nil {
		return errors.New("the test double of the command provider knows no connection.proxy")
	}
	client, err := s.Connection.dial(ctx)
	if err != nil {
		return err
	}
	defer client.Close()
	stdout, stderr, err := execute(ctx, client, execution{
		command:     *command,
		stdin:       orEmpty(s.Stdin),
		environment: s.environment(previous),
		logging:     s.Logging,
	})
	if err != nil {
		return err
	}
	s.Stdout, s.Stderr = stdout, stderr
	return nil
}

func (s *CommandState) environment(previous *CommandState) map[string]string {
	environment := map[string]string{}
	if s.Environment != nil {
		for name, value := range *s.Environment {
			environment[name] = value
		}
	}
	if previous != nil && (s.AddPreviousOutputInEnv == nil || *s.AddPreviousOutputInEnv) {
		environment["PULUMI_COMMAND_STDOUT"] = previous.Stdout
		environment["PULUMI_COMMAND_STDERR"] = previous.Stderr
	}
	return environment
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
