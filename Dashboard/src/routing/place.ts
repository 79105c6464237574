/** Where the user was on a page: how far down, and on which link. */
interface Place {
    scroll: number;
    link: string | null;
}

/** A page that is read again is as long as it was only after this long, in milliseconds. */
const patience = 2_000;

export const content = () => document.getElementById("content");

export function placeNow(): Place {
    const link = document.activeElement?.closest("main a")?.getAttribute("href") ?? null;
    return { scroll: window.scrollY, link };
}

export function placeOf(state: unknown): Place {
    const known = typeof state === "object" && state !== null ? (state as Partial<Place>) : {};
    return { scroll: Number(known.scroll) || 0, link: typeof known.link === "string" ? known.link : null };
}

/** Scrolls and focuses as it was, as soon as the page has what was there. */
export function returnTo(place: Place): void {
    const until = performance.now() + patience;
    const address = location.href;
    const attempt = () => {
        if (location.href !== address) return;
        const links = place.link === null ? [] : [...document.querySelectorAll<HTMLElement>("main a[href]")];
        const link = links.find((one) => one.getAttribute("href") === place.link);
        const isThere = (place.link === null || link !== undefined)
            && document.documentElement.scrollHeight - window.innerHeight >= place.scroll;
        if (!isThere && performance.now() < until) return void requestAnimationFrame(attempt);
        (link ?? content())?.focus({ preventScroll: true });
        window.scrollTo(0, place.scroll);
    };
    requestAnimationFrame(attempt);
}
