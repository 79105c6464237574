import { useEffect, useState } from "react";

/** Whether the window is as a media query says. */
export function useMedia(query: string): boolean {
    const [matches, setMatches] = useState(() => matchMedia(query).matches);
    useEffect(() => {
        const list = matchMedia(query);
        const note = () => setMatches(list.matches);
        list.addEventListener("change", note);
        note();
        return () => list.removeEventListener("change", note);
    }, [query]);
    return matches;
}
