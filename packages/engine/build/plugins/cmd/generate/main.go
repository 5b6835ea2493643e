// Command generate writes schema.json and bridge-metadata.json of one provider into a folder:
//
//	generate NAME DIR
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"bureau.local/engine/plugins/cloudinit"
	"bureau.local/engine/plugins/hcloud"
	"bureau.local/engine/plugins/random"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfgen"
)

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: generate NAME DIR"))
	}
	name, dir := os.Args[1], os.Args[2]
	os.Args = []string{os.Args[0], "schema", "--out", dir, "--skip-docs", "--skip-examples"}
	none := []byte("{}")
	version := ""
	switch name {
	case "hcloud":
		version = hcloud.Version
		tfgen.MainWithMuxer(name, hcloud.Provider(none))
	case "random":
		version = random.Version
		tfgen.Main(name, random.Provider(none))
	case "cloudinit":
		version = cloudinit.Version
		tfgen.Main(name, cloudinit.Provider(none))
	default:
		fail(fmt.Errorf("no provider is called %q", name))
	}
	if err := addVersion(filepath.Join(dir, "schema.json"), version); err != nil {
		fail(err)
	}
}

// addVersion puts the version into the schema, which tfgen leaves out of the text form.
func addVersion(path, version string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var schema map[string]any
	if err := json.Unmarshal(text, &schema); err != nil {
		return err
	}
	schema["version"] = version
	text, err = json.Marshal(schema)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "generate:", err)
	os.Exit(2)
}
