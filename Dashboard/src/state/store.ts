import { useSyncExternalStore } from "react";

/** A value that parts of the page watch; it lives outside React so that sockets and timers can change it. */
export class Store<T> {
    private readonly listeners = new Set<() => void>();

    constructor(private value: T) {}

    get = (): T => this.value;

    set(value: T): void {
        if (Object.is(value, this.value)) return;
        this.value = value;
        for (const listener of [...this.listeners]) listener();
    }

    update(change: Partial<T>): void {
        this.set({ ...this.value, ...change });
    }

    subscribe = (listener: () => void): (() => void) => {
        this.listeners.add(listener);
        return () => {
            this.listeners.delete(listener);
        };
    };
}

export const useStore = <T>(store: Pick<Store<T>, "get" | "subscribe">): T =>
    useSyncExternalStore(store.subscribe, store.get);
