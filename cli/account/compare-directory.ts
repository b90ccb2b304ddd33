import type { Directory } from "./account-facts";

/** Where an account's people differ from what the site file says: one line each, in a steady order. */
export function compareDirectory(planned: Directory, actual: Directory): string[] {
  const groups = new Map(actual.groups.map((group) => [group.name, group]));
  return [
    ...planned.groups.flatMap((group) => {
      const other = groups.get(group.name);
      if (!other) return [`group ${group.name} is not there`];
      return [
        ...without(other.policies, group.policies).map((name) => `group ${group.name} has ${name} beside its policies`),
        ...without(group.policies, other.policies).map((name) => `group ${group.name} lacks ${name}`),
        ...without(other.members, group.members).map((name) => `${name} is in group ${group.name}`),
        ...without(group.members, other.members).map((name) => `${name} is not in group ${group.name}`),
      ];
    }),
    ...without(namesOf(planned.users), namesOf(actual.users)).map((name) => `user ${name} is not there`),
    ...without(namesOf(actual.users), namesOf(planned.users)).map((name) => `user ${name} is not in the site file`),
  ];
}

function without(names: readonly string[], others: readonly string[]): string[] {
  return names.filter((name) => !others.includes(name)).sort();
}

function namesOf(all: readonly { readonly name: string }[]): string[] {
  return all.map(({ name }) => name);
}
