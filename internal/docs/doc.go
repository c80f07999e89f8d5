// Package docs holds the tests that keep the Markdown pages true: every Go
// snippet compiles.
package docs
