import { readAsset } from "./assets.ts";

/**
 * Fills in the `{{name}}` of a file of the guest. Pure but for reading the package's own file.
 *
 * @throws Error for a name without a value or a value without a name: bugs of this package.
 */
export function fillIn(path: string, values: Readonly<Record<string, string>>): string {
  const used = new Set<string>();
  const text = readAsset(path).replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${path}: no value for {{${name}}}`);
    used.add(name);
    return value;
  });
  const unused = Object.keys(values).filter((name) => !used.has(name));
  if (unused.length > 0) throw new Error(`${path}: has no {{${unused.join("}}, {{")}}}`);
  return text;
}
