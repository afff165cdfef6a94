import type { Attack } from "./attack.ts";

const begin = "<!-- attacks -->";
const end = "<!-- /attacks -->";

function row({ name, wall, needsNamespaces }: Attack, number: number): string {
  const text = name.slice(name.indexOf(": ") + 2);
  return `| ${number} | ${text} | ${wall}${needsNamespaces ? " (**not with Landlock alone**)" : ""} |`;
}

/** The numbered list of every attack by its family, as Markdown. */
export function attackList(attacks: readonly Attack[]): string {
  const families = Map.groupBy(attacks.entries(), ([, { name }]) => name.slice(0, name.indexOf(": ")));
  const sections = [...families].map(([family, members]) => {
    const rows = members.map(([index, attack]) => row(attack, index + 1));
    return [`### ${family}`, "", "| no. | what is tried | what holds it |", "|---:|---|---|", ...rows].join(
      "\n",
    );
  });
  return sections.join("\n\n");
}

/** The text with this list in its place. */
export function withAttackList(text: string, attacks: readonly Attack[]): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`no place for the list: ${begin} … ${end}`);
  return `${text.slice(0, from)}${begin}\n${attackList(attacks)}\n${text.slice(to)}`;
}
