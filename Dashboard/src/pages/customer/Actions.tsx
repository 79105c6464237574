import { useState } from "react";
import { below, newKey, post } from "../../api/client";
import { writeFault } from "../../api/failure";
import type { CustomerRecord, Outcome } from "../../api/types";
import { Words, useWords } from "../../state/domain";
import type { Resource } from "../../state/useResource";
import { useMayWork } from "../../state/me";
import { percent, points } from "../../format";
import { Panel } from "../../ui/Panel";
import { Empty, Loaded } from "../../ui/States";
import { toast } from "../../ui/toasts";

interface TakenAction {
    name: string;
    key: string;
}

/** Writes down that actions were taken, and offers to send them again where that failed. */
async function logActions(
    base: string, id: string, actions: TakenAction[], words: Words, changed: () => void,
): Promise<void> {
    try {
        for (const { name, key } of actions) {
            await post(below(base, "/log-intervention"), {
                customer_id: id, action: name, description: words.action(name), write_key: key,
            });
        }
        toast(`Logged: ${actions.map(({ name }) => words.action(name)).join(", ")}`);
        changed();
    } catch (error) {
        const { text, isPassing } = writeFault(error);
        toast(`${id}: ${text}`, true, isPassing ? () => void logActions(base, id, actions, words, changed) : null);
    }
}

interface ActionsProps {
    id: string;
    base: string;
    record: Resource<CustomerRecord>;
    changed: () => void;
}

/** The actions that are possible now, with their effect on the score where the server knows it. */
export function Actions({ id, base, record, changed }: ActionsProps) {
    const words = useWords();
    const known = record.data?.recommended_actions;
    return (
        <Panel title="Recommended actions"
            note={known === undefined ? undefined : "Largest expected gain first; by the model, not proven"}
            className="span-8">
            <Loaded of={record} height={240}>
                {() => known === undefined ? (
                    <ul className="steps-list">
                        {words.domain.actions.map((action) =>
                            <Step key={action.id} id={id} base={base} names={[action.id]} label={action.title}
                                changed={changed} />)}
                    </ul>
                ) : words.domain.actions.length === 0 ? <Empty title="No actions are described">
                    The domain file names none that staff can take.</Empty>
                : known.length === 0 ? <Empty title="No action pays now"
                    icon="check">None that is possible for this customer, and like what the model has seen, lowers the
                    score and is worth its price.</Empty> : (
                    <ul className="steps-list">
                        {known.map((outcome) => <Step key={outcome.actions.join()} id={id} base={base}
                            names={outcome.actions} label={outcome.label} outcome={outcome} changed={changed} />)}
                    </ul>
                )}
            </Loaded>
        </Panel>
    );
}

const gainMeaning = "The change of what the customer pays times the probability that it stays, less the cost. "
    + "By the model: no outcome has proven it.";

function Step({ id, base, names, label, outcome,
    changed }: { id: string; base: string; names: string[]; label: string; outcome?: Outcome; changed: () => void }) {
    const words = useWords();
    const mayWork = useMayWork();
    const [isBusy, setBusy] = useState(false);
    const log = async () => {
        setBusy(true);
        await logActions(base, id, names.map((name) => ({ name, key: newKey() })), words, changed);
        setBusy(false);
    };
    const gain = outcome?.expected_gain ?? null;
    const months = outcome?.months ?? 1;
    return (
        <li>
            <span>
                <strong>{label}</strong>
                {outcome !== undefined && <small title={gainMeaning}>
                    {percent(outcome.churn_probability)} afterwards{gain !== null
                        && `, ${words.money(gain)} expected gain${months === 1
                            ? " a month" : ` in ${months} months`}`}</small>}
            </span>
            {outcome === undefined ? <span /> : <span className="effect number"
                data-tone={outcome.change < 0 ? "good" : "bad"}>{points(outcome.change)}</span>}
            {mayWork && <button type="button" className="button" data-size="small" aria-disabled={isBusy}
                aria-label={`Log: ${label}`} onClick={() => { if (!isBusy) void log(); }}>Log</button>}
        </li>
    );
}
