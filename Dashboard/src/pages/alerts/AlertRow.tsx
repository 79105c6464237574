import { useState } from "react";
import type { Alert } from "../../api/types";
import { Link } from "../../routing/Link";
import { customerAddress } from "../../routing/route";
import { useNow } from "../../state/useNow";
import { ago, dateTime, percent, words } from "../../format";
import { Badge } from "../../ui/Badge";
import type { Question } from "./AlertQuestion";
import { take } from "./steps";

interface RowProps {
    alert: Alert;
    ask: (question: Question) => void;
    changed: () => void;
}

/** The handling of an alert so far, in a line. */
function handling(alert: Alert, now: number): string {
    const by = alert.changed_by === null ? "" : ` by ${alert.changed_by}`;
    switch (alert.status) {
        case "open": return "Not seen yet";
        case "acknowledged": return `Seen${by} ${ago(alert.changed_at, now)}`;
        case "assigned": return `With ${alert.assignee ?? "someone"}`;
        case "snoozed": return `Until ${dateTime(alert.snoozed_until)}`;
        case "resolved": return `${alert.outcome ?? "Resolved"}${by}`;
    }
}

export function AlertRow({ alert, ask, changed }: RowProps) {
    const now = useNow(15_000);
    const [isBusy, setBusy] = useState(false);
    const act = async (step: "acknowledge" | "reopen") => {
        setBusy(true);
        await take(step, alert);
        setBusy(false);
        changed();
    };
    const button = (text: string, work: () => void, kind?: string) => (
        <button type="button" className="button" data-size="small" data-kind={kind} disabled={isBusy}
            aria-label={`${text} ${alert.customer_id}`} onClick={work}>{text}</button>
    );
    return (
        <li className="inbox-row" data-alert={alert.alert_id}>
            <div className="inbox-who">
                <Link href={customerAddress(alert.customer_id)}><strong className="clip">{alert.customer_id}</strong>
                    </Link>
                <span className="faint clip">{words(alert.event_type)} · {ago(alert.raised_at, now)}</span>
            </div>
            <div className="inbox-risk"><Badge band={alert.churn_risk} />
                <span className="number">{percent(alert.churn_probability)}</span></div>
            <div className="inbox-state soft clip" title={handling(alert, now)}>{handling(alert, now)}</div>
            <div className="inbox-steps">
                {alert.status === "resolved" ? button("Reopen", () => void act("reopen")) : (
                    <>
                        {alert.status === "open" && button("Acknowledge", () => void act("acknowledge"))}
                        {button("Assign", () => ask({ step: "assign", alert }))}
                        {button("Snooze", () => ask({ step: "snooze", alert }))}
                        {button("Resolve", () => ask({ step: "resolve", alert }), "soft")}
                    </>
                )}
            </div>
        </li>
    );
}
