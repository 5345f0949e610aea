import DefaultTheme from 'vitepress/theme';
import './pictures.css';

// biome-ignore lint/style/noDefaultExport: VitePress loads the default export.
export default DefaultTheme;
