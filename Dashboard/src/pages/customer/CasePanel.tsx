import { useEffect, useState } from "react";
import type { CaseHistory, CasePage, CustomerCase } from "../../api/types";
import { useCaseReload } from "../../live/notes";
import { useLiveReload } from "../../live/useLiveReload";
import { useNow } from "../../state/useNow";
import { useResource } from "../../state/useResource";
import { ago, dateTime, words } from "../../format";
import { Panel } from "../../ui/Panel";
import { CaseQuestion, Question } from "../cases/CaseQuestion";
import { CaseRow } from "../cases/CaseRow";

/** The customer's case as the inbox shows it, with the same steps, and what was done about it so far. */
export function CasePanel({ id, changed }: { id: string; changed: () => void }) {
    const cases = useResource<CasePage>(`/api/alerts?customer=${encodeURIComponent(id)}&limit=20`);
    const all = cases.data?.alerts ?? [];
    const item = all.find((one) => one.status !== "resolved") ?? all[0];
    const reload = () => {
        cases.reload();
        changed();
    };
    useCaseReload(cases.reload, (note) => note.customer_id === id);
    useLiveReload(cases.reload, 1_000, (update) => update.payload.user_id === id);
    const [question, setQuestion] = useState<Question | null>(null);
    if (item === undefined) return null;
    return (
        <Panel title="Case" note={all.length > 1 ? `${all.length} so far` : undefined}>
            <ul className="inbox"><CaseRow item={item} ask={setQuestion} changed={reload} /></ul>
            <History item={item} />
            {question !== null && <CaseQuestion question={question} onClose={() => setQuestion(null)}
                changed={reload} />}
        </Panel>
    );
}

function History({ item }: { item: CustomerCase }) {
    const history = useResource<CaseHistory>(`/api/alerts/${item.alert_id}/history?limit=50`);
    const now = useNow();
    useEffect(() => history.reload(), [item.version, history.reload]);
    if (history.data === null || history.data.items.length === 0) return null;
    return (
        <ol className="story" aria-label="What was done about the case">
            {history.data.items.map((step) => (
                <li key={step.version}>
                    <div className="story-head">
                        <strong>{step.log_id === undefined ? words(step.to_status) : "Action logged"}
                            {step.to_status === "assigned" && step.assignee !== null ? ` to ${step.assignee}` : ""}
                            </strong>
                        <span className="faint">{step.changed_by}</span>
                        <time className="faint" dateTime={step.changed_at}
                            title={dateTime(step.changed_at)}>{ago(step.changed_at, now)}</time>
                    </div>
                    {step.outcome !== null && <p>{step.outcome}</p>}
                    {step.snoozed_until !== null && <p>Until {dateTime(step.snoozed_until)}</p>}
                </li>
            ))}
        </ol>
    );
}
