import { post } from "../../api/client";
import { Failure } from "../../api/failure";
import type { CustomerCase } from "../../api/types";
import { toast } from "../../ui/toasts";

export type Step = "acknowledge" | "assign" | "snooze" | "resolve" | "reopen";

const done: Record<Step, string> = {
    acknowledge: "acknowledged", assign: "assigned", snooze: "snoozed", resolve: "resolved", reopen: "reopened",
};

/** Takes a step and says what came of it; true where it was taken. */
export async function take(step: Step, item: CustomerCase, more: Record<string, unknown> = {}): Promise<boolean> {
    try {
        await post(`/api/alerts/${item.alert_id}/${step}`, { version: item.version, ...more });
        toast(`${item.customer_id} ${done[step]}`);
        return true;
    } catch (error) {
        toast(error instanceof Failure ? error.detail : "That did not work.", true);
        return false;
    }
}
