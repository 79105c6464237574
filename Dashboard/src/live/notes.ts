import { useEffect, useRef } from "react";
import type { CaseNote } from "./frames";

type Watcher = (note: CaseNote) => void;
const watchers = new Set<Watcher>();

/** Passes on what a person did about a case or a customer. */
export function publishNote(note: CaseNote): void {
    watchers.forEach((watcher) => watcher(note));
}

/** Hears of what people do about cases and customers, each as it comes. */
export function useCaseNotes(onNote: Watcher): void {
    const newest = useRef(onNote);
    newest.current = onNote;
    useEffect(() => {
        const watcher: Watcher = (note) => newest.current(note);
        watchers.add(watcher);
        return () => {
            watchers.delete(watcher);
        };
    }, []);
}

/** Reads something again soon after someone did something that concerns it; once for several at a time. */
export function useCaseReload(reload: () => void, concerns: (note: CaseNote) => boolean = () => true): void {
    const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
    useEffect(() => () => clearTimeout(timer.current), []);
    useCaseNotes((note) => {
        if (!concerns(note)) return;
        clearTimeout(timer.current);
        timer.current = setTimeout(reload, 100);
    });
}
