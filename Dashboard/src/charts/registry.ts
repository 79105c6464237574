import {
    ArcElement, BarController, BarElement, CategoryScale, Chart, DoughnutController, Filler, LineController,
    LineElement, LinearScale, PointElement, Tooltip,
} from "chart.js";

// Only what the pages draw goes into the bundle.
Chart.register(
    ArcElement, BarController, BarElement, CategoryScale, DoughnutController, Filler, LineController, LineElement,
    LinearScale, PointElement, Tooltip);

// Otherwise axes and tooltips follow the browser's language.
Chart.defaults.locale = "en";

export { Chart };
