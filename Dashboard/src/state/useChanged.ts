import { useEffect, useRef } from "react";

/** Does something when a value changes, but not at first. */
export function useChanged(value: unknown, work: () => void): void {
    const known = useRef(value);
    const newest = useRef(work);
    newest.current = work;
    useEffect(() => {
        if (Object.is(known.current, value)) return;
        known.current = value;
        newest.current();
    }, [value]);
}
