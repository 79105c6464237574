import type { Band } from "../api/types";

/** The theme's colours for a canvas, which knows no custom properties. */
export interface Palette {
    text: string;
    soft: string;
    grid: string;
    panel: string;
    raised: string;
    line: string;
    accent: string;
    accentSoft: string;
    band: Record<Band, string>;
}

export function readPalette(): Palette {
    const style = getComputedStyle(document.documentElement);
    const read = (name: string) => style.getPropertyValue(name).trim();
    return {
        text: read("--text"), soft: read("--text-faint"), grid: read("--grid"), panel: read("--panel"),
        raised: read("--raised"), line: read("--line"), accent: read("--accent-text"),
        accentSoft: read("--accent-soft"),
        band: {
            Critical: read("--mark-critical"), High: read("--mark-high"), Medium: read("--mark-medium"),
            Low: read("--mark-low"),
        },
    };
}

export const chartFont = { family: "Inter, ui-sans-serif, system-ui, sans-serif", size: 11 };

/** The tooltip of all charts. */
export const tooltip = (palette: Palette) => ({
    backgroundColor: palette.raised, titleColor: palette.text, bodyColor: palette.text, borderColor: palette.line,
    borderWidth: 1, padding: 10, cornerRadius: 8, boxPadding: 4, usePointStyle: true,
    titleFont: { ...chartFont, weight: "600" }, bodyFont: { ...chartFont, size: 12 },
});
