// COUNT desks; the key comes from the environment because only time is looked at here.
import { Desk } from "@bureau/desk";

for (let i = 0; i < Number(process.env.COUNT ?? 1); i += 1) {
  new Desk(`desk-${i}`, {
    provider: { name: "anthropic", apiKey: process.env.CANARY },
    data: { protect: false },
  });
}
