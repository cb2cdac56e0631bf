// Every behaviour, each on one data attribute. `collectstatic` joins them into this file.
import "./theme.js";
import "./progress.js";
import "./dialog.js";
import "./guard.js";
import "./menu.js";
import "./toast.js";
import "./offline.js";
import "./keys.js";
import "./rows.js";
import "./bulk.js";
import "./picker.js";
import "./composer.js";
import "./clock.js";
import "./fold.js";
import "./fill.js";
import "./log.js";
import "./passkey.js";
