import { useRef } from "react";
import { newKey } from "../api/client";

/** Returns the key of what a form is about to send: the same for every try, another once its text is another. */
export function useWriteKey(): { of: (body: unknown) => string; done: () => void } {
    const known = useRef({ text: "", key: "" });
    return useRef({
        of: (body: unknown) => {
            const text = JSON.stringify(body);
            if (known.current.text !== text) known.current = { text, key: newKey() };
            return known.current.key;
        },
        done: () => {
            known.current = { text: "", key: "" };
        },
    }).current;
}
