import { spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { Duplex } from "node:stream";
import { z } from "zod";
import { type DeskLogin, sshArguments } from "./login.ts";

const gateway = "127.0.0.1:18789";
const milliseconds = 180_000;
const completionSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
});

/**
 * Sends the agent one message, the owner's way: through an SSH tunnel, with the gateway token.
 *
 * @throws Error with the gateway's status when it does not answer.
 */
export async function chat(login: DeskLogin, token: string, message: string): Promise<string> {
  const ssh = spawn("ssh", sshArguments(login, ["-W", gateway]), {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(ssh, "close");
  try {
    const tunnel = Duplex.from({ readable: ssh.stdout, writable: ssh.stdin });
    tunnel.on("error", () => undefined); // the request says what it means
    const { status, body } = await post(tunnel, token, {
      model: "openclaw",
      messages: [{ role: "user", content: message }],
    });
    if (status !== 200) throw new Error(`the desk's gateway answered ${status}`);
    return completionSchema.parse(JSON.parse(body)).choices[0]?.message.content ?? "";
  } finally {
    ssh.kill();
    await ended;
  }
}

function post(
  tunnel: Duplex,
  token: string,
  message: object,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `http://${gateway}/v1/chat/completions`,
      {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        createConnection: () => tunnel,
        signal: AbortSignal.timeout(milliseconds),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      },
    );
    sent.on("error", reject);
    sent.end(JSON.stringify(message));
  });
}
