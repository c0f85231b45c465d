// Shows the specification by Swagger UI; its address is relative to that of the page, /v1/docs.
"use strict";

SwaggerUIBundle({ url: "openapi.json", dom_id: "#ui", deepLinking: true, validatorUrl: null });
