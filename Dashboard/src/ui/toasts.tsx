import { Store, useStore } from "../state/store";
import { Icon } from "./icons";

interface Toast {
    id: number;
    text: string;
    isBad: boolean;
}

const toasts = new Store<Toast[]>([]);
let last = 0;

/** Says for some seconds what has happened. */
export function toast(text: string, isBad = false): void {
    last += 1;
    const id = last;
    toasts.set([...toasts.get().slice(-2), { id, text, isBad }]);
    setTimeout(() => toasts.set(toasts.get().filter((one) => one.id !== id)), isBad ? 8_000 : 4_000);
}

export function Toasts() {
    const shown = useStore(toasts);
    return (
        <div className="toasts" role="status" aria-live="polite">
            {shown.map(({ id, text, isBad }) => (
                <div key={id} className="toast" data-tone={isBad ? "bad" : undefined}>
                    <Icon name={isBad ? "warning" : "check"} />{text}
                </div>
            ))}
        </div>
    );
}
