import { createContext, useContext, useMemo } from "react";
import type { Domain, Value } from "../api/types";
import { count, money, shortMoney, shown, words } from "../format";

/** The texts of the customer base: the names of its columns, actions and segments. */
export class Words {
    private readonly labels: Map<string, string>;
    private readonly titles: Map<string, string>;

    constructor(readonly domain: Domain) {
        this.labels = new Map();
        for (const { column, name, label } of domain.columns) {
            // A label of the domain file stands as it is, a name with blanks too; a bare name is split into words.
            const isBare = (name === undefined || name === label) && !label.includes(" ");
            const text = isBare ? words(label) : label;
            for (const known of [label, name ?? column, column]) this.labels.set(known, text);
        }
        this.titles = new Map(domain.actions.map(({ id, title }) => [id, title]));
    }

    /** A column's or feature's name for people. */
    label(column: string): string {
        return this.labels.get(column) ?? words(column);
    }

    get segment(): string {
        return this.label(this.domain.segment_column);
    }

    get value(): string {
        return this.domain.value_column == null ? "Value" : this.label(this.domain.value_column);
    }

    /** Whether the domain says what customers pay: without that no figure is of money. */
    get hasValue(): boolean {
        return this.domain.value_column != null;
    }

    /** Whether the domain says how long customers have been with the business. */
    get hasLifeCycle(): boolean {
        return (this.domain.tenure_column ?? null) !== null;
    }

    action(id: string): string {
        return this.titles.get(id) ?? words(id);
    }

    get segments(): string[] {
        return this.domain.columns.find(({ column }) => column === this.domain.segment_column)?.categories ?? [];
    }

    /** The columns that an update of the feed carries. */
    get updateFields(): { name: string; column: string }[] {
        return this.domain.update_fields;
    }

    /** The field of an update that holds a column's value. */
    updateField(column: string): string | null {
        return this.domain.update_fields.find((field) => field.column === column)?.name ?? null;
    }

    text(value: Value | undefined): string {
        return shown(value);
    }

    /** A column's value: what customers pay is an amount of money. */
    cell(column: string, value: Value | undefined): string {
        return column === this.domain.value_column && typeof value === "number" ? this.money(value) : shown(value);
    }

    /** An amount of money in the domain's currency. */
    money(amount: number | null | undefined): string {
        return money(amount, this.domain.currency);
    }

    /** The same where there is little room. */
    shortMoney(amount: number | null | undefined): string {
        return shortMoney(amount, this.domain.currency);
    }

    /** When a customer at risk stops being so, by the domain's policy. */
    get untilWhen(): string {
        const { exit, cool_down_seconds: pause } = this.domain.alert_policy
            ?? { exit: this.domain.alert_threshold, cool_down_seconds: null };
        return `until a score of ${shown(exit)} or less`
            + (pause === null ? "" : `, with at least ${count(pause)} s between two alerts`);
    }

    /** Why an alert was raised: its first reason. */
    because(reason: string | null | undefined): string | null {
        return reason === null || reason === undefined ? null : `${this.label(reason)} raises the risk most`;
    }
}

export const DomainContext = createContext<Words | null>(null);

export const useWords = (): Words => {
    const found = useContext(DomainContext);
    if (found === null) throw new Error("a page was drawn before the domain was read");
    return found;
};

export const useNewWords = (domain: Domain | null): Words | null =>
    useMemo(() => (domain === null ? null : new Words(domain)), [domain]);
