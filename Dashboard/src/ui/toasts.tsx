import { Store, useStore } from "../state/store";
import { Icon } from "./icons";

interface Toast {
    id: number;
    text: string;
    isBad: boolean;
    again: (() => void) | null;
}

const toasts = new Store<Toast[]>([]);
let last = 0;

const remove = (id: number) => toasts.set(toasts.get().filter((one) => one.id !== id));

/** Says for some seconds what has happened; what can be done again stays until it is, or is dismissed. */
export function toast(text: string, isBad = false, again: (() => void) | null = null): void {
    last += 1;
    const id = last;
    toasts.set([...toasts.get().slice(-2), { id, text, isBad, again }]);
    if (again === null) setTimeout(() => remove(id), isBad ? 8_000 : 4_000);
}

export function Toasts() {
    const shown = useStore(toasts);
    return (
        <div className="toasts" role="status" aria-live="polite">
            {shown.map(({ id, text, isBad, again }) => (
                <div key={id} className="toast" data-tone={isBad ? "bad" : undefined}>
                    <Icon name={isBad ? "warning" : "check"} /><span>{text}</span>
                    {again !== null && (
                        <span className="toast-end">
                            <button type="button" className="button" data-size="small" onClick={() => {
                                remove(id);
                                again();
                            }}>Send again</button>
                            <button type="button" className="button" data-size="small" data-kind="quiet"
                                onClick={() => remove(id)}>Dismiss</button>
                        </span>
                    )}
                </div>
            ))}
        </div>
    );
}
