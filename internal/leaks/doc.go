// Package leaks holds the tests that nothing personal and nothing secret is
// printed by accident: every exported type is filled with a sentinel and printed
// in every way that Go has, and a journey at every vendor is logged at debug
// level and searched for what went over the wire. The same is done with every
// example, which is built with a tap on its fakes and run as a program.
//
//	go test ./internal/leaks -update
//
// writes the list of types anew, which otherwise must be complete.
package leaks
