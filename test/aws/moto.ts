/** Empties the emulator: every test starts in a new account. */
export async function resetMoto(): Promise<void> {
  const answer = await fetch(`${motoUrl()}/moto-api/reset`, { method: "POST" });
  if (!answer.ok) throw new Error(`moto's reset answered ${answer.status}`);
}

export function motoUrl(): string {
  const url = process.env.AWS_ENDPOINT_URL;
  if (!url) throw new Error("start these tests by `npm run test:aws`");
  return url;
}
