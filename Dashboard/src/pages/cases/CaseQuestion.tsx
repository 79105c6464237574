import { FormEvent, useState } from "react";
import type { CustomerCase } from "../../api/types";
import { Dialog } from "../../ui/Dialog";
import { take } from "./steps";

export interface Question {
    step: "assign" | "snooze" | "resolve";
    item: CustomerCase;
}

const hour = 3_600_000;
const snoozes: [string, number][] = [["1 hour", hour], ["4 hours", 4 * hour], ["1 day", 24 * hour],
    ["3 days", 72 * hour], ["1 week", 168 * hour]];
const outcomes = ["Retained", "Offer accepted", "Offer declined", "Could not be reached", "Not at risk", "Left"];
const titles = { assign: "Assign", snooze: "Snooze", resolve: "Resolve" };

/** Asks what a step needs to know: who, how long, or how it ended. */
export function CaseQuestion({ question, onClose,
    changed }: { question: Question; onClose: () => void; changed: () => void }) {
    const { step, item } = question;
    const [text, setText] = useState(step === "assign" ? item.assignee ?? "" : "");
    const [length, setLength] = useState(snoozes[1]![1]);
    const [isBusy, setBusy] = useState(false);
    const send = async (event: FormEvent) => {
        event.preventDefault();
        setBusy(true);
        const body = step === "assign" ? { assignee: text.trim() } : step === "resolve" ? { outcome: text.trim() }
            : { until: new Date(Date.now() + length).toISOString() };
        const isTaken = await take(step, item, changed, body);
        setBusy(false);
        changed();
        if (isTaken) onClose();
    };
    return (
        <Dialog title={`${titles[step]} ${item.customer_id}`} onClose={onClose}>
            <form onSubmit={(event) => void send(event)}>
                {step === "assign" && (
                    <label className="field"><span>Who takes care of it</span>
                        <input className="input" value={text} required maxLength={200} autoFocus
                            onChange={(event) => setText(event.target.value)} />
                    </label>
                )}
                {step === "snooze" && (
                    <label className="field"><span>For how long</span>
                        <select className="select" value={length}
                            onChange={(event) => setLength(Number(event.target.value))}>
                            {snoozes.map(([name, value]) => <option key={value} value={value}>{name}</option>)}
                        </select>
                    </label>
                )}
                {step === "resolve" && (
                    <label className="field"><span>How it ended</span>
                        <input className="input" list="outcomes" value={text} required maxLength={2000} autoFocus
                            onChange={(event) => setText(event.target.value)} />
                        <datalist id="outcomes">{outcomes.map((name) => <option key={name} value={name} />)}</datalist>
                    </label>
                )}
                <div className="form-end">
                    <button type="button" className="button" onClick={onClose}>Cancel</button>
                    <button type="submit" className="button" data-kind="primary"
                        disabled={isBusy || (step !== "snooze" && text.trim() === "")}>{titles[step]}</button>
                </div>
            </form>
        </Dialog>
    );
}
