import { Store } from "./store";

export type Theme = "system" | "light" | "dark";

const place = "churn.theme";
const isTheme = (value: unknown): value is Theme => value === "system" || value === "light" || value === "dark";

function stored(): Theme {
    try {
        const value = localStorage.getItem(place);
        return isTheme(value) ? value : "system";
    } catch {
        return "system";
    }
}

// Paper is light, whatever the screen is.
const paper = typeof matchMedia === "function" ? matchMedia("print") : null;
const dark = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : null;

/** The chosen theme, and whether it is dark now. */
export const theme = new Store<{ choice: Theme; isDark: boolean }>({ choice: "system", isDark: false });

function apply(choice: Theme): void {
    const isDark = paper?.matches !== true && (choice === "dark" || (choice === "system" && dark?.matches === true));
    document.documentElement.dataset["theme"] = isDark ? "dark" : "light";
    theme.set({ choice, isDark });
}

export function chooseTheme(choice: Theme): void {
    try {
        localStorage.setItem(place, choice);
    } catch {
        // The choice then ends with the page.
    }
    apply(choice);
}

/** Follows the system until the person chooses. */
export function startTheme(): void {
    apply(stored());
    paper?.addEventListener("change", () => apply(theme.get().choice));
    dark?.addEventListener("change", () => apply(theme.get().choice));
}
