import { post } from "../../api/client";
import { Failure, writeFault } from "../../api/failure";
import type { CustomerCase } from "../../api/types";
import { toast } from "../../ui/toasts";

export type Step = "acknowledge" | "assign" | "snooze" | "resolve" | "reopen";

const done: Record<Step, string> = {
    acknowledge: "acknowledged", assign: "assigned", snooze: "snoozed", resolve: "resolved", reopen: "reopened",
};

/**
 * Takes a step and says what came of it; true where it was taken. A step that may have arrived can be sent again: the
 * version that it names lets it count once.
 *
 * @param settled is called when a step that was sent again is done.
 */
export async function take(
    step: Step, item: CustomerCase, settled: () => void, more: Record<string, unknown> = {}, isAgain = false,
): Promise<boolean> {
    try {
        await post(`/api/alerts/${item.alert_id}/${step}`, { version: item.version, ...more });
        toast(`${item.customer_id} ${done[step]}`);
        return true;
    } catch (error) {
        const { text, isPassing } = writeFault(error);
        const isDone = isAgain && error instanceof Failure && error.status === 409;
        const said = isDone ? "This case has changed since. Your first try may have arrived: look at it." : text;
        toast(`${item.customer_id}: ${said}`, true, isPassing
            ? () => void take(step, item, settled, more, true).then(settled) : null);
        return false;
    }
}
