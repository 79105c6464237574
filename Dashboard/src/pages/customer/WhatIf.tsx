import { useEffect, useMemo, useState } from "react";
import { post } from "../../api/client";
import { Failure } from "../../api/failure";
import type { CustomerRecord, Value, WhatIfAnswer } from "../../api/types";
import { bandOf } from "../../state/bandOf";
import { useWords } from "../../state/domain";
import type { Resource } from "../../state/useResource";
import { percent, points } from "../../format";
import { Badge } from "../../ui/Badge";
import { Panel } from "../../ui/Panel";
import { Loaded } from "../../ui/States";
import { WhatIfField } from "./WhatIfField";

interface Answer {
    before: number;
    after: number;
    gain: number | null;
    caveats: string[];
    isReachKnown: boolean;
    text: string;
}

/** Asks the model what other features would make of the score; a server without what-if scores them all the same. */
async function ask(id: string, changes: Record<string, Value>, all: Record<string, Value>, before: number | null,
    signal: AbortSignal): Promise<Answer> {
    try {
        const answer = await post<WhatIfAnswer>("/api/simulate", { customer_id: id, changes }, signal);
        const scenario = answer.scenario;
        const after = scenario?.churn_probability ?? answer.churn_probability;
        return { before: answer.churn_probability, after, gain: scenario?.expected_gain ?? null,
            caveats: scenario?.caveats ?? [], isReachKnown: answer.reach_known ?? true, text: scenario?.text ?? "" };
    } catch (error) {
        if (!(error instanceof Failure) || !error.isNotHere) throw error;
        const answer = await post<{ scores: { churn_probability: number }[] }>("/api/score",
            { features: { ...all, ...changes } }, signal);
        const after = answer.scores[0]?.churn_probability ?? 0;
        return { before: before ?? after, after, gain: null, caveats: [], isReachKnown: true, text: "" };
    }
}

/** The score with other features: nothing is stored. */
export function WhatIf({ id, record }: { id: string; record: Resource<CustomerRecord> }) {
    const [changes, setChanges] = useState<Record<string, Value>>({});
    const isChanged = Object.keys(changes).length > 0;
    return (
        <Panel title="What if" note="Change a feature and see the score move; nothing is stored"
            actions={<button type="button" className="button" data-size="small" disabled={!isChanged}
                onClick={() => setChanges({})}>Reset</button>}>
            <Loaded of={record} height={240}>
                {(data) => (
                    <div className="what-if">
                        <Fields record={data} changes={changes} set={setChanges} />
                        <Result id={id} record={data} changes={changes} />
                    </div>
                )}
            </Loaded>
        </Panel>
    );
}

function Fields({ record, changes, set }: { record: CustomerRecord; changes: Record<string,
    Value>; set: (changes: Record<string, Value>) => void }) {
    const words = useWords();
    const change = (column: string, value: Value) => {
        const { [column]: _, ...others } = changes;
        set(value === (record.details[column] ?? null) ? others : { ...others, [column]: value });
    };
    return (
        <div className="what-if-fields">
            {words.domain.columns.map((column) => (
                <WhatIfField key={column.column} column={column} label={words.label(column.column)}
                    isChanged={column.column in changes}
                    value={column.column in changes ? changes[column.column]! : record.details[column.column] ?? null}
                    change={(value) => change(column.column, value)} />
            ))}
        </div>
    );
}

function Result({ id, record, changes }: { id: string; record: CustomerRecord; changes: Record<string, Value> }) {
    const words = useWords();
    const [answer, setAnswer] = useState<Answer | null>(null);
    const [problem, setProblem] = useState<string | null>(null);
    const known = record.details.churn_probability;
    const all = useMemo(() => Object.fromEntries(words.domain.columns.map(({ column }) => [column,
        record.details[column] ?? null])), [record, words]);
    const key = JSON.stringify(changes);
    useEffect(() => {
        const stop = new AbortController();
        setProblem(null);
        if (key === "{}") {
            setAnswer(null);
            return;
        }
        const timer = setTimeout(() => {
            ask(id, JSON.parse(key) as Record<string, Value>, all, known, stop.signal).then(
                (found) => { if (!stop.signal.aborted) setAnswer(found); },
                (error: unknown) => {
                    if (stop.signal.aborted) return;
                    setAnswer(null);
                    setProblem(error instanceof Failure
                        ? error.detail : "The score could not be asked for.");
                });
        }, 150);
        return () => {
            clearTimeout(timer);
            stop.abort();
        };
    }, [key, id, all, known]);
    const score = answer?.after ?? known;
    const band = score === null ? null : bandOf(score, words.domain.bands);
    return (
        <div className="what-if-result" data-band={band ?? undefined} role="status"
            aria-label="Score with these features">
            <h3>{answer === null ? "Score now" : "Score then"}</h3>
            <p className="kpi-figure" data-testid="what-if">{percent(score)}</p>
            <span className="score-track" aria-hidden="true">
                <span className="score-fill" style={{ display: "block", width: `${(score ?? 0) * 100}%` }} /></span>
            <div className="who"><Badge band={band} />
                {answer !== null && <span className="effect number"
                    data-tone={answer.after < answer.before ? "good" : "bad"}>{points(answer.after - answer.before)}
                        </span>}</div>
            {answer === null && problem === null
                && <p className="faint">Change a feature to score the customer again.</p>}
            {answer !== null && answer.text !== "" && <p className="soft">{answer.text}</p>}
            {answer?.gain != null && <p className="soft">{words.money(Math.abs(answer.gain))} a month expected {
                answer.gain >= 0 ? "gain" : "loss"}, by the model, not proven</p>}
            {answer?.caveats.map((caveat) => <p key={caveat} className="problem">Far from training: {caveat}</p>)}
            {answer !== null && !answer.isReachKnown && <p className="faint">This model does not say which customers it
                learned from.</p>}
            {problem !== null && <p className="problem" role="alert">{problem}</p>}
        </div>
    );
}
