// The staff app's script. Every page works without it; it only makes things faster to reach.
import "./menus.js";
import "./dialogs.js";
import "./theme.js";
import "./toasts.js";
import "./keys.js";
import "./palette.js";
import "./lists.js";
import "./busy.js";
import "./copy.js";
import "./failures.js";
