import { useState } from "react";
import type { CustomerCase } from "../../api/types";
import { Link } from "../../routing/Link";
import { customerAddress } from "../../routing/route";
import { useWords } from "../../state/domain";
import { useNow } from "../../state/useNow";
import { useMayWork } from "../../state/me";
import { ago, dateTime, percent, person, words } from "../../format";
import { Badge } from "../../ui/Badge";
import { CaseNews } from "./CaseNews";
import type { Question } from "./CaseQuestion";
import { take } from "./steps";

interface RowProps {
    item: CustomerCase;
    ask: (question: Question) => void;
    changed: () => void;
}

/** The handling of a case so far, in a line. */
function handling(item: CustomerCase, now: number): string {
    const by = item.changed_by === null ? "" : ` by ${person(item.changed_by)}`;
    switch (item.status) {
        case "open": return "Not seen yet";
        case "acknowledged": return `Seen${by} ${ago(item.changed_at, now)}`;
        case "assigned": return `With ${person(item.assignee ?? "someone")}`;
        case "snoozed": return `Until ${dateTime(item.snoozed_until)}`;
        case "resolved": return `${item.outcome ?? "Resolved"}${by}`;
    }
}

export function CaseRow({ item, ask, changed }: RowProps) {
    const now = useNow(15_000);
    const mayWork = useMayWork();
    const [isBusy, setBusy] = useState(false);
    const reason = useWords().because(item.reason);
    const act = async (step: "acknowledge" | "reopen") => {
        setBusy(true);
        await take(step, item, changed);
        setBusy(false);
        changed();
    };
    const button = (text: string, work: () => void, kind?: string) => (
        <button type="button" className="button" data-size="small" data-kind={kind} aria-disabled={isBusy}
            aria-label={`${text} ${item.customer_id}`} onClick={() => { if (!isBusy) work(); }}>{text}</button>
    );
    return (
        <li className="inbox-row" data-row data-case={item.alert_id}>
            <div className="inbox-who">
                <Link href={customerAddress(item.customer_id)}><strong className="clip">{item.customer_id}</strong>
                    </Link>
                {reason !== null && <span className="soft clip">{reason}</span>}
                <span className="faint clip">After {words(item.event_type).toLowerCase()} · {ago(item.raised_at,
                    now)}</span>
                <CaseNews item={item} now={now} />
            </div>
            <div className="inbox-risk"><Badge band={item.churn_risk} />
                <span className="number">{percent(item.churn_probability)}</span></div>
            <div className="inbox-state soft clip" title={handling(item, now)}>{handling(item, now)}</div>
            {mayWork && <div className="inbox-steps">
                {item.status === "resolved" ? button("Reopen", () => void act("reopen")) : (
                    <>
                        {item.status === "open" && button("Acknowledge", () => void act("acknowledge"))}
                        {button("Assign", () => ask({ step: "assign", item }))}
                        {button("Snooze", () => ask({ step: "snooze", item }))}
                        {button("Resolve", () => ask({ step: "resolve", item }), "soft")}
                    </>
                )}
            </div>}
        </li>
    );
}
