//! The list of routes, each with the access that it needs.
//!
//! A route cannot be added without its [`Access`], which is checked before its handler runs. The
//! list is also what the tests of access go through: a route without an entry in their table fails.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn;
use axum::routing::{MethodFilter, MethodRouter, on};
use utoipa_axum::router::OpenApiRouter;

use crate::access::authorize;
use crate::state::WebState;

/// The access that a route needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Access {
    /// None: everyone may call it, so it shows nothing about jobs and sources.
    Public,
    /// A session, or a key that may read or write.
    Read,
    /// A session, or a key that may write.
    Write,
    /// As [`Access::Read`], or the key of the feed that the path names.
    Feed,
}

/// One route of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) method: Method,
    /// The path with its parameters in braces, such as `/jobs/{id}`.
    pub(crate) path: String,
    pub(crate) access: Access,
}

/// Routes with their handlers.
#[derive(Default)]
pub(crate) struct Routes {
    router: Router<WebState>,
    list: Vec<Route>,
}

impl Routes {
    /// Adds a route for `GET`, and so for `HEAD`. It changes nothing.
    pub(crate) fn get<H, T>(self, path: &str, access: Access, handler: H) -> Self
    where
        H: Handler<T, WebState>,
        T: 'static,
    {
        let handler = on(MethodFilter::GET, handler);
        self.add(Method::GET, path, access, handler)
    }

    /// Adds a route for `POST`.
    pub(crate) fn post<H, T>(self, path: &str, access: Access, handler: H) -> Self
    where
        H: Handler<T, WebState>,
        T: 'static,
    {
        let handler = on(MethodFilter::POST, handler);
        self.add(Method::POST, path, access, handler)
    }

    /// Adds the routes of a documented router. Those for `GET` need [`Access::Read`], the others
    /// [`Access::Write`].
    pub(crate) fn documented(mut self, documented: OpenApiRouter<WebState>) -> Self {
        let (router, document) = documented.split_for_parts();
        for (path, item) in &document.paths.paths {
            let operations = [
                (Method::GET, &item.get),
                (Method::PUT, &item.put),
                (Method::POST, &item.post),
                (Method::PATCH, &item.patch),
                (Method::DELETE, &item.delete),
            ];
            let present = operations
                .into_iter()
                .filter(|(_, operation)| operation.is_some());
            self.list.extend(present.map(|(method, _)| Route {
                access: authorize::access_of_method(&method),
                path: path.clone(),
                method,
            }));
        }

        self.router = self
            .router
            .merge(router.route_layer(from_fn(authorize::by_method)));
        self
    }

    /// Adds all routes of another part.
    pub(crate) fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.list.extend(other.list);
        self
    }

    /// Returns the handlers.
    pub(crate) fn into_router(self) -> Router<WebState> {
        self.router
    }

    fn add(
        mut self,
        method: Method,
        path: &str,
        access: Access,
        handler: MethodRouter<WebState>,
    ) -> Self {
        let authorized = handler.route_layer(from_fn(move |request, next| {
            authorize::authorize(access, request, next)
        }));
        self.router = self.router.route(path, authorized);
        self.list.push(Route {
            method,
            path: path.to_owned(),
            access,
        });
        self
    }
}

#[cfg(test)]
impl Routes {
    /// Returns the list of all routes.
    pub(crate) fn list(&self) -> &[Route] {
        &self.list
    }
}
