import { RefObject, useEffect } from "react";
import { isTyping } from "./FindCustomer";

/** Lets j and k, and the arrows within the list, move from row to row: the focus goes to each row's first link. */
export function useRowKeys(list: RefObject<HTMLElement | null>): void {
    useEffect(() => {
        const press = (event: KeyboardEvent) => {
            if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
            if (document.querySelector("dialog[open]") !== null) return;
            const rows = rowsOf(list.current);
            const at = rows.findIndex((row) => row.contains(document.activeElement));
            const isArrow = at >= 0 && (event.key === "ArrowDown" || event.key === "ArrowUp");
            const step = event.key === "j" || (isArrow && event.key === "ArrowDown") ? 1
                : event.key === "k" || isArrow ? -1 : 0;
            if (step === 0 || rows.length === 0) return;
            event.preventDefault();
            focusRow(list.current, at < 0 && step < 0 ? 0 : at + step);
        };
        document.addEventListener("keydown", press);
        return () => document.removeEventListener("keydown", press);
    }, [list]);
}

const rowsOf = (list: HTMLElement | null) => [...(list?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];

/** Focuses a row's link; the last one's where there are fewer. */
export function focusRow(list: HTMLElement | null, index: number): void {
    const rows = rowsOf(list);
    rows[Math.min(rows.length - 1, Math.max(0, index))]?.querySelector<HTMLElement>("a")?.focus();
}

/** The place of the row that has the focus; below zero for none. */
export const focusedRow = (list: HTMLElement | null): number =>
    rowsOf(list).findIndex((row) => row.contains(document.activeElement));
