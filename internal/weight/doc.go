// Package weight holds the test that keeps the module light: what a program
// gains that imports one vendor's package.
package weight
