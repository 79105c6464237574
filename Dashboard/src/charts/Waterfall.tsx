import type { CSSProperties } from "react";
import type { Explanation } from "../api/types";
import { useWords } from "../state/domain";
import { percent, signed } from "../format";

/** The number of features that have a row of their own; the others are summed up. */
const single = 8;

interface Step {
    name: string;
    value: string;
    from: number;
    to: number;
    kind: "up" | "down" | "total";
}

/** The steps from the model's base to the customer's score; the last of them is what calibration makes of the sum. */
export function stepsOf(explanation: Explanation, label: (feature: string) => string,
    text: (value: Explanation["reasons"][0]["value"]) => string): Step[] {
    const ordered = [...explanation.reasons].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
    const steps: Step[] = [{ name: "Average customer", value: "", from: 0, to: explanation.base_margin,
        kind: "total" }];
    let at = explanation.base_margin;
    const add = (name: string, value: string, amount: number) => {
        steps.push({ name, value, from: at, to: at + amount, kind: amount >= 0 ? "up" : "down" });
        at += amount;
    };
    for (const reason of ordered.slice(0, single)) add(label(reason.feature), text(reason.value), reason.contribution);
    const rest = ordered.slice(single);
    if (rest.length > 0) add(`${rest.length} other features`, "",
        rest.reduce((sum, reason) => sum + reason.contribution, 0));
    const score = logOdds(explanation.churn_probability);
    if (Math.abs(score - explanation.margin) >= 0.005) {
        at = explanation.margin;
        add("Calibration", "", score - explanation.margin);
    }
    steps.push({ name: "This customer", value: percent(explanation.churn_probability), from: 0, to: score,
        kind: "total" });
    return steps;
}

/** The log-odds of a probability; of certainty, as far as a picture goes. */
function logOdds(probability: number): number {
    const inside = Math.min(Math.max(probability, 1e-6), 1 - 1e-6);
    return Math.log(inside / (1 - inside));
}

/** Bars that begin where the one before ended. */
export function Waterfall({ explanation }: { explanation: Explanation }) {
    const words = useWords();
    const steps = stepsOf(explanation, (feature) => words.label(feature), (value) =>
        (value === undefined ? "" : words.text(value)));
    const low = Math.min(0, ...steps.flatMap((step) => [step.from, step.to]));
    const high = Math.max(0, ...steps.flatMap((step) => [step.from, step.to]));
    const span = high - low || 1;
    const place = (value: number) => ((value - low) / span) * 100;
    return (
        <ol className="waterfall" style={{ "--zero": `${place(0)}%` } as CSSProperties}>
            {steps.map((step, index) => (
                <li key={index} className="waterfall-row" data-total={step.kind === "total" || undefined}>
                    <span className="waterfall-name">
                        <span className="clip" style={{ display: "block" }}>{step.name}</span>
                            {step.value !== "" && <small className="clip">{step.value}</small>}</span>
                    <span className="waterfall-lane" aria-hidden="true">
                        <span className="waterfall-bar" data-sign={step.kind} style={{
                            left: `${place(Math.min(step.from, step.to))}%`,
                            width: `${(Math.abs(step.to - step.from) / span) * 100}%`,
                        }} />
                    </span>
                    <span className="number">{step.kind === "total" ? signed(step.to).replace("+",
                        "") : signed(step.to - step.from)}</span>
                </li>
            ))}
        </ol>
    );
}
