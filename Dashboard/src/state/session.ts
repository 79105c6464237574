import { Store } from "./store";

interface SessionState {
    /** The key or token that every request carries; null where the user has not signed in. */
    token: string | null;
    /** Whether the server asks who one is. */
    isNeeded: boolean;
    /** Whether the server has refused what was given. */
    isRefused: boolean;
}

const place = "churn.token";

/** The session of the user. The credential lives as long as the browser's tab and is never part of an address. */
class Session extends Store<SessionState> {
    constructor(private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> | null) {
        super({ token: storage?.getItem(place) ?? null, isNeeded: false, isRefused: false });
    }

    signIn(token: string): void {
        this.storage?.setItem(place, token);
        this.set({ token, isNeeded: false, isRefused: false });
    }

    signOut(): void {
        this.storage?.removeItem(place);
        this.set({ token: null, isNeeded: true, isRefused: false });
    }

    /** The server wants a credential, or a better one. */
    refuse(isRefused: boolean): void {
        const current = this.get();
        // A request that was still under way comes back without a credential; it takes no refusal back.
        if (current.isNeeded && (current.isRefused || !isRefused)) return;
        this.storage?.removeItem(place);
        this.set({ token: null, isNeeded: true, isRefused });
    }
}

function tabStorage(): Storage | null {
    try {
        return globalThis.sessionStorage ?? null;
    } catch {
        return null; // A browser may forbid it; the credential then ends with the page.
    }
}

export const session = new Session(tabStorage());
