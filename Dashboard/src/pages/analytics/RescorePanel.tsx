import { useEffect } from "react";
import { post } from "../../api/client";
import { Failure } from "../../api/failure";
import type { Rescore } from "../../api/types";
import { useResource } from "../../state/useResource";
import { counted, dateTime } from "../../format";
import { toast } from "../../ui/toasts";

/** After a promotion: gives every customer a score of the model that serves, and shows how far it is. */
export function RescorePanel() {
    const state = useResource<Rescore>("/api/models/rescore");
    const run = state.data?.run ?? null;
    const isUnderWay = run !== null && run.ended_at === null;
    const { reload } = state;
    useEffect(() => {
        if (!isUnderWay) return;
        const timer = setInterval(reload, 3_000);
        return () => clearInterval(timer);
    }, [isUnderWay, reload]);
    const start = async () => {
        try {
            await post("/api/models/rescore", {});
            reload();
        } catch (error) {
            toast(error instanceof Failure ? error.detail : "That did not work.", true);
        }
    };
    return (
        <p className="who" role="status">
            {run === null ? "Customers keep the score of the model that made it until their next event. "
                : isUnderWay ? `${counted(run.done, "customer")} scored by ${run.model_version} so far. `
                    : `${counted(run.done, "customer")} scored by ${run.model_version}, ${run.reason === null
                        ? `all of them by ${dateTime(run.ended_at)}` : `then it ended: ${run.reason}`}. `}
            <button type="button" className="button" data-size="small" disabled={isUnderWay}
                onClick={() => void start()}>
                Score everyone by the model that serves</button>
        </p>
    );
}
