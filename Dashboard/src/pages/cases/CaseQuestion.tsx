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
/** Stands for a time that is named instead of a length. */
const untilTime = -1;
const outcomes = ["Retained", "Offer accepted", "Offer declined", "Could not be reached", "Not at risk", "Left"];
/** The server puts a case off for a year at most. */
const longest = 365 * 24 * hour;

/** A time as a field of the browser has it. */
const localTime = (at: number): string =>
    new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

const titles = { assign: "Assign", snooze: "Snooze", resolve: "Resolve" };

/** Asks what a step needs to know: who, how long, or how it ended. */
export function CaseQuestion({ question, onClose,
    changed }: { question: Question; onClose: () => void; changed: () => void }) {
    const { step, item } = question;
    const [text, setText] = useState(step === "assign" ? item.assignee ?? "" : "");
    const [length, setLength] = useState(snoozes[1]![1]);
    const [until, setUntil] = useState("");
    // A time of the form is of this place, and of the past it would end at once.
    const end = length !== untilTime ? Date.now() + length : Date.parse(until);
    const isReady = step !== "snooze" ? text.trim() !== "" : end > Date.now();
    const [isBusy, setBusy] = useState(false);
    const send = async (event: FormEvent) => {
        event.preventDefault();
        setBusy(true);
        const body = step === "assign" ? { assignee: text.trim() } : step === "resolve" ? { outcome: text.trim() }
            : { until: new Date(end).toISOString() };
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
                            <option value={untilTime}>Until a date and time</option>
                        </select>
                    </label>
                )}
                {step === "snooze" && length === untilTime && (
                    <label className="field"><span>Until, in your local time</span>
                        <input className="input" type="datetime-local" value={until} required
                            min={localTime(Date.now())} max={localTime(Date.now() + longest)}
                            onChange={(event) => setUntil(event.target.value)} />
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
                        disabled={isBusy || !isReady}>{titles[step]}</button>
                </div>
            </form>
        </Dialog>
    );
}
