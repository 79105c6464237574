import { useEffect, useState } from "react";

/** The time, renewed now and then, for texts such as "3 min ago". */
export function useNow(every = 5_000): number {
    const [now, setNow] = useState(() => Date.now());
    useEffect(() => {
        const timer = setInterval(() => setNow(Date.now()), every);
        return () => clearInterval(timer);
    }, [every]);
    return now;
}
