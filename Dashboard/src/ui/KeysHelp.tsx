import { useEffect, useState } from "react";
import { Dialog } from "./Dialog";
import { isTyping } from "./FindCustomer";

const keys: [string[], string][] = [
    [["/"], "Find a customer"],
    [["j", "k"], "Next and previous row of a list"],
    [["↓", "↑"], "The same within a list"],
    [["Enter"], "Open what is focused"],
    [["Space"], "Pause the live feed, and go on"],
    [["Esc"], "Close a question"],
    [["?"], "Show these keys"],
];

/** The page's keys, shown at the press of a question mark. */
export function KeysHelp() {
    const [isOpen, setOpen] = useState(false);
    useEffect(() => {
        const press = (event: KeyboardEvent) => {
            if (event.key !== "?" || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
            if (document.querySelector("dialog[open]") !== null) return;
            event.preventDefault();
            setOpen(true);
        };
        document.addEventListener("keydown", press);
        return () => document.removeEventListener("keydown", press);
    }, []);
    if (!isOpen) return null;
    return (
        <Dialog title="Keys" onClose={() => setOpen(false)}>
            <dl className="keys">
                {keys.map(([names, text]) => (
                    <div key={text}>
                        <dt>{names.map((name) => <kbd key={name}>{name}</kbd>)}</dt><dd>{text}</dd>
                    </div>
                ))}
            </dl>
            <div className="form-end">
                <button type="button" className="button" onClick={() => setOpen(false)}>Close</button>
            </div>
        </Dialog>
    );
}
