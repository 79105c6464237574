import { useEffect, useState } from "react";
import type { DomainColumn, Value } from "../../api/types";

interface FieldProps {
    column: DomainColumn;
    label: string;
    value: Value;
    isChanged: boolean;
    change: (value: Value) => void;
}

/** One feature to change: a choice where the domain lists its values, a number, or a text. */
export function WhatIfField({ column, label, value, isChanged, change }: FieldProps) {
    const isFixed = column.immutable === true;
    const choices = column.type === "boolean" ? ["true", "false"] : column.categories;
    return (
        <label className="field" data-changed={isChanged || undefined}>
            <span className="clip">{label}</span>
            {choices.length > 0 ? (
                <select className="select" disabled={isFixed} value={value === null ? "" : String(value)}
                    onChange={(event) => {
                    const text = event.target.value;
                    change(text === "" ? null : column.type === "boolean" ? text === "true" : text);
                }}>
                    {(value === null || !choices.includes(String(value)))
                        && <option value={value === null ? "" : String(value)}>
                            {value === null ? "Not known" : String(value)}</option>}
                    {choices.map((choice) => <option key={choice} value={choice}>{column.type === "boolean"
                        ? (choice === "true" ? "Yes" : "No") : choice}</option>)}
                </select>
            ) : column.type === "numeric" ? <NumberField column={column} value={value} change={change} /> : (
                <input className="input" disabled={isFixed} value={value === null ? "" : String(value)} maxLength={256}
                    onChange={(event) => change(event.target.value === "" ? null : event.target.value)} />
            )}
        </label>
    );
}

/** Keeps what is typed as it is, and passes on what is a number; the server refuses one out of limits. */
function NumberField({ column, value, change }: { column: DomainColumn; value: Value;
    change: (value: Value) => void }) {
    const [text, setText] = useState(value === null ? "" : String(value));
    useEffect(() => {
        setText((old) => (Number(old) === value && old !== "" ? old : value === null ? "" : String(value)));
    }, [value]);
    return (
        <input className="input number" type="number" step="any" value={text}
            disabled={column.immutable === true} min={column.minimum ?? undefined} max={column.maximum ?? undefined}
            onChange={(event) => {
            setText(event.target.value);
            const number = event.target.value === "" ? null : Number(event.target.value);
            if (number === null || Number.isFinite(number)) change(number);
        }} />
    );
}
