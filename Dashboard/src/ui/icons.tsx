import type { ReactElement } from "react";

const strokes = {
    overview: "M3 13h7V3H3zM14 21h7v-9h-7zM14 3v5h7V3zM3 21h7v-4H3z",
    watchlist: "M4 6h16M4 12h16M4 18h10",
    analytics: "M4 20V10M10 20V4M16 20v-7M21 20H3",
    live: "M3 12h4l3-8 4 16 3-8h4",
    cases: "M6 9a6 6 0 1 1 12 0c0 6 2.500 7 2.500 7h-17S6 15 6 9M10 20a2.200 2.200 0 0 0 4 0",
    search: "M11 19a8 8 0 1 0 0-16 8 8 0 0 0 0 16M21 21l-4.300-4.300",
    sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8M12 2v2M12 20v2M4.900 4.900l1.400 1.400M17.700 17.700l1.400 1.400M2 12h2"
        + "M20 12h2M4.900 19.100l1.400-1.400M17.700 6.300l1.400-1.400",
    moon: "M20.500 14.500A8.500 8.500 0 0 1 9.500 3.500a8.500 8.500 0 1 0 11 11",
    screen: "M3 4h18v12H3zM8 20h8M12 16v4",
    download: "M12 4v11M7 11l5 5 5-5M4 20h16",
    up: "M12 19V5M6 11l6-6 6 6",
    down: "M12 5v14M6 13l6 6 6-6",
    left: "M15 5l-7 7 7 7",
    right: "M9 5l7 7-7 7",
    table: "M3 5h18v14H3zM3 10h18M9 10v9",
    chart: "M4 19l5-6 4 3 7-9",
    pause: "M8 5v14M16 5v14",
    play: "M7 4l13 8-13 8z",
    check: "M4 12.500l5 5L20 6.500",
    clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7v5l3 2",
    user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4 21c0-4.500 3.600-7 8-7s8 2.500 8 7",
    leave: "M9 4H5v16h4M14 8l4 4-4 4M18 12H9",
    undo: "M9 14L4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
    warning: "M12 4l9.500 16h-19zM12 10v4M12 17.200v.1",
    empty: "M4 13l2.500-8h11L20 13v6H4zM4 13h5l1 2.500h4l1-2.500h5",
} as const;

export type IconName = keyof typeof strokes;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }): ReactElement {
    return (
        <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth={1.8}
            strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
            <path d={strokes[name]} />
        </svg>
    );
}

export function Logo(): ReactElement {
    return (
        <svg width={30} height={30} viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="9" fill="var(--accent)" />
            <path d="M6 12.500c4.500 0 5.500 3 8 6s4.500 3 6.500 0 3-7.500 5.500-7.500" fill="none" stroke="#fff"
                strokeWidth="2.800" strokeLinecap="round" />
            <circle cx="26" cy="11" r="2.600" fill="#fff" />
        </svg>
    );
}
