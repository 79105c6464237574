import { FormEvent, useEffect, useRef, useState } from "react";
import { navigate } from "../routing/navigation";
import { address } from "../api/client";
import { Icon } from "./icons";

/** Whether a key press belongs to a field that is being typed in. */
export const isTyping = (target: EventTarget | null) =>
    target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");

/** Finds customers by a part of their id, from anywhere; the key / leads here. */
export function FindCustomer() {
    const [text, setText] = useState("");
    const place = useRef<HTMLInputElement>(null);
    useEffect(() => {
        const press = (event: KeyboardEvent) => {
            if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
            event.preventDefault();
            place.current?.focus();
            place.current?.select();
        };
        document.addEventListener("keydown", press);
        return () => document.removeEventListener("keydown", press);
    }, []);
    const find = (event: FormEvent) => {
        event.preventDefault();
        if (text.trim() === "") return;
        navigate(address("/watchlist", { search: text.trim() }));
        setText("");
        place.current?.blur();
    };
    return (
        <form className="find" role="search" onSubmit={find}>
            <Icon name="search" />
            <input ref={place} className="input" type="search" value={text} maxLength={256}
                placeholder="Find a customer"
                aria-label="Find a customer by id" autoComplete="off" spellCheck={false}
                    onChange={(event) => setText(event.target.value)} />
            <kbd aria-hidden="true">/</kbd>
        </form>
    );
}
