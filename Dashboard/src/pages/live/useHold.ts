import { RefObject, useEffect } from "react";
import { liveView } from "./LiveView";

/** A finger meets what it aimed at only if nothing has moved for this long. */
const settled = 400;

/**
 * Holds the rows while a mouse is over them, while one has the keyboard's focus, and from a finger's touch until the
 * next one elsewhere. A touch on rows that had just moved holds them, and opens nothing.
 */
export function useHold(place: RefObject<HTMLElement | null>, isHere: boolean): void {
    useEffect(() => {
        const element = place.current;
        if (element === null) return;
        const holds = { mouse: element.matches(":hover") && matchMedia("(hover: hover)").matches, focus: false,
            touch: false };
        let isMisled = false;
        const set = (change: Partial<typeof holds>) => {
            Object.assign(holds, change);
            liveView.hold(holds.mouse || holds.focus || holds.touch);
        };
        const listeners: [EventTarget, string, (event: Event) => void][] = [
            [element, "pointerenter", (event) => {
                if ((event as PointerEvent).pointerType === "mouse") set({ mouse: true });
            }],
            [element, "pointerleave", (event) => {
                if ((event as PointerEvent).pointerType === "mouse") set({ mouse: false });
            }],
            [element, "focusin", (event) => set({ focus: (event.target as Element).matches(":focus-visible") })],
            [element, "focusout", () => set({ focus: false })],
            [document, "pointerdown", (event) => {
                if ((event as PointerEvent).pointerType === "mouse") return;
                const isInside = element.contains(event.target as Node);
                isMisled = isInside && !holds.touch && performance.now() - liveView.movedAt < settled;
                set({ touch: isInside });
            }],
            [element, "click", (event) => {
                if (!isMisled) return;
                isMisled = false;
                event.preventDefault();
                event.stopPropagation();
            }],
        ];
        for (const [target, name, work] of listeners) target.addEventListener(name, work, true);
        set({});
        return () => {
            for (const [target, name, work] of listeners) target.removeEventListener(name, work, true);
            liveView.hold(false);
        };
    }, [place, isHere]);
}
