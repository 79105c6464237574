import { FormEvent, useState } from "react";
import { session } from "../state/session";
import { useStore } from "../state/store";
import { Logo } from "../ui/icons";

/** Asks for the key that an administrator made with `churnd keys create`. */
export function SignIn() {
    const { isRefused } = useStore(session);
    const [token, setToken] = useState("");
    const signIn = (event: FormEvent) => {
        event.preventDefault();
        if (token.trim() !== "") session.signIn(token.trim());
    };
    return (
        <div className="sign-in">
            <main>
                <div className="brand"><Logo /><div>Churn</div></div>
                <h1>Sign in</h1>
                <p>Enter your API key or token. It is kept until you close this tab, and sent to this server only.</p>
                <form onSubmit={signIn}>
                    <label className="field">
                        <span>Key or token</span>
                        <input className="input mono" type="password" value={token} autoComplete="current-password"
                            autoFocus required
                            spellCheck={false} onChange={(event) => setToken(event.target.value)} />
                    </label>
                    {isRefused && <p role="alert">This key is not known, not valid, or not valid any more.</p>}
                    <button type="submit" className="button" data-kind="primary">Sign in</button>
                </form>
            </main>
        </div>
    );
}
