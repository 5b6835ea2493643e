import type * as pulumi from "@pulumi/pulumi";
import { expectTypeOf, test } from "vitest";
import type { DeskArgs } from "./args.ts";
import type { ResolvedDeskArgs } from "./schema.ts";

/** Absent and undefined are one to a caller, and so is a list that may not be changed. */
type Plain<T> = T extends readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Plain<T[Key]> }
    : T;

test("the args that are documented are those that are checked", () => {
  expectTypeOf<Plain<pulumi.Unwrap<DeskArgs>>>().toEqualTypeOf<Plain<ResolvedDeskArgs>>();
});
