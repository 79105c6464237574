import { FormEvent, useState } from "react";
import { below, post } from "../../api/client";
import { writeFault } from "../../api/failure";
import type { CustomerRecord } from "../../api/types";
import { useWords } from "../../state/domain";
import { useNow } from "../../state/useNow";
import type { Resource } from "../../state/useResource";
import { useMayWork } from "../../state/me";
import { useWriteKey } from "../../state/useWriteKey";
import { ago, dateTime, person } from "../../format";
import { Panel } from "../../ui/Panel";
import { Empty, Loaded } from "../../ui/States";
import { toast } from "../../ui/toasts";

interface LogProps {
    id: string;
    base: string;
    record: Resource<CustomerRecord>;
    changed: () => void;
}

/** The interventions for the customer, and a form for more. */
export function InterventionLog({ id, base, record, changed }: LogProps) {
    const words = useWords();
    const now = useNow();
    const mayWork = useMayWork();
    return (
        <Panel title="Intervention log" note="What was done, newest first" className="span-5">
            {mayWork ? <LogForm id={id} base={base} changed={changed} />
                : <p className="faint reads-only">Your role reads only: an agent's key adds to the log.</p>}
            <Loaded of={record} isEmpty={(data) => data.intervention_log.length === 0}
                empty={<Empty title="Nothing was done yet">Log what you do, so that others see it.</Empty>}>
                {(data) => (
                    <ol className="story" aria-label="Interventions">
                        {data.intervention_log.map((entry) => (
                            <li key={entry.log_id}>
                                <div className="story-head">
                                    <strong>{words.action(entry.action_taken)}</strong>
                                    <span className="faint" dir="auto">{person(entry.agent_id)}</span>
                                    <time className="faint" dateTime={entry.log_timestamp}
                                        title={dateTime(entry.log_timestamp)}>{ago(entry.log_timestamp, now)}</time>
                                </div>
                                {entry.description && entry.description !== words.action(entry.action_taken)
                                    && <p dir="auto">{entry.description}</p>}
                            </li>
                        ))}
                    </ol>
                )}
            </Loaded>
        </Panel>
    );
}

function LogForm({ id, base, changed }: { id: string; base: string; changed: () => void }) {
    const words = useWords();
    const [action, setAction] = useState("");
    const [note, setNote] = useState("");
    const [problem, setProblem] = useState<{ text: string; isPassing: boolean } | null>(null);
    const [isBusy, setBusy] = useState(false);
    const keys = useWriteKey();
    const send = async (event: FormEvent) => {
        event.preventDefault();
        setBusy(true);
        setProblem(null);
        try {
            const body: Record<string, string> = { customer_id: id };
            if (action !== "") body["action"] = action;
            else body["intervention_type"] = "Note";
            if (note.trim() !== "") body["description"] = note.trim();
            await post(below(base, "/log-intervention"), { ...body, write_key: keys.of(body) });
            keys.done();
            toast("Logged");
            setAction("");
            setNote("");
            changed();
        } catch (error) {
            setProblem(writeFault(error));
        } finally {
            setBusy(false);
        }
    };
    return (
        <form className="log-form" onSubmit={(event) => void send(event)}>
            <label className="field"><span>Action</span>
                <select className="select" value={action} onChange={(event) => setAction(event.target.value)}>
                    <option value="">A note only</option>
                    {words.domain.actions.map((one) => <option key={one.id} value={one.id}>{one.title}</option>)}
                </select>
            </label>
            <label className="field"><span>Note</span>
                <input className="input" value={note} maxLength={4000} dir="auto"
                    onChange={(event) => setNote(event.target.value)} />
            </label>
            {problem !== null && <p className="problem wide" role="alert">{problem.text}</p>}
            <div className="form-end wide">
                <button type="submit" className="button" data-size="small"
                    disabled={isBusy || (action === "" && note.trim() === "")}>
                        {problem?.isPassing ? "Send again" : "Add to the log"}</button></div>
        </form>
    );
}
