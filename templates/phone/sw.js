// The service worker of this version; what it does stands in the module it names.
import { serve } from {{ module_url("phone/worker.js")|tojson }};

serve({{ version|tojson }}, {{ assets|tojson }});
