import * as v from "valibot";

/** An array. The first element that does not fit ends the reading: the others' mistakes would only cost memory. */
export function list<const S extends v.GenericSchema>(item: S): v.ArraySchema<S, string> {
  const schema = v.array(item, "a sequence");
  const run = schema["~run"].bind(schema);
  return { ...schema, "~run": (dataset, config) => run(dataset, { ...config, abortEarly: true }) };
}
