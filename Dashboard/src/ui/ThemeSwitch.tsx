import { Theme, chooseTheme, theme } from "../state/theme";
import { useStore } from "../state/store";
import { Icon, IconName } from "./icons";

const choices: [Theme, IconName, string][] = [
    ["light", "sun", "Light theme"], ["dark", "moon", "Dark theme"], ["system", "screen", "Theme of the system"],
];

export function ThemeSwitch() {
    const { choice } = useStore(theme);
    return (
        <div className="segmented" role="group" aria-label="Theme">
            {choices.map(([value, icon, label]) => (
                <button key={value} type="button" aria-pressed={choice === value} aria-label={label} title={label}
                    onClick={() => chooseTheme(value)}>
                    <Icon name={icon} size={15} />
                </button>
            ))}
        </div>
    );
}

/** One button that turns the theme over, where there is room for one only. */
export function ThemeButton() {
    const { isDark } = useStore(theme);
    return (
        <button type="button" className="button icon-button theme-button" data-kind="quiet"
            aria-label={isDark ? "Use the light theme" : "Use the dark theme"}
            onClick={() => chooseTheme(isDark ? "light" : "dark")}>
            <Icon name={isDark ? "sun" : "moon"} />
        </button>
    );
}
