/** Loci: Conversations. Lists what was asked in this workspace; each can be opened, renamed, deleted. */

import * as vscode from 'vscode';
import { plainLine } from '../../../protocol/plain-text.ts';
import type { ConversationBook } from './book.ts';
import { conversationItems } from './items.ts';
import type { ConversationItem } from './items.ts';
import { longestTitle, titleOf } from './record.ts';
import type { ConversationRecord } from './record.ts';

export interface ConversationListOptions {
  readonly book: ConversationBook;
  /** Returns the conversation that is open. */
  readonly openId: () => string;
  /** Opens a conversation. */
  readonly open: (id: string) => void;
  /** Begins a new conversation; the list stays. */
  readonly begin: () => void;
  /** Shows the chat; the list goes. */
  readonly show: () => void;
}

const renameButton = { iconPath: new vscode.ThemeIcon('edit'), tooltip: 'Rename' };
const deleteButton = { iconPath: new vscode.ThemeIcon('trash'), tooltip: 'Delete' };
const newButton = { iconPath: new vscode.ThemeIcon('add'), tooltip: 'New Conversation' };
const deleteAllButton = { iconPath: new vscode.ThemeIcon('clear-all'), tooltip: 'Delete All…' };

/** Shows the list until a conversation is opened or the list is closed. */
export function showConversations(options: ConversationListOptions): void {
  const { book, openId, open, begin, show } = options;
  if (book.list().length === 0) {
    void vscode.window.showInformationMessage('Ask a question to begin a conversation.');
    return;
  }
  const list = vscode.window.createQuickPick<ConversationItem & vscode.QuickPickItem>();
  const update = (): void => {
    const buttons = [renameButton, deleteButton];
    list.items = conversationItems(book.list(), openId(), Date.now()).map((item) => ({
      ...item,
      buttons,
    }));
    if (list.items.length === 0) list.hide();
  };
  list.title = 'Conversations';
  list.placeholder = 'Search for a conversation to open';
  list.matchOnDescription = true;
  list.matchOnDetail = true;
  list.buttons = [newButton, deleteAllButton];
  list.onDidAccept(() => {
    const [chosen] = list.selectedItems;
    list.hide();
    if (chosen !== undefined) open(chosen.id);
  });
  list.onDidTriggerButton((button) => {
    list.hide();
    if (button === newButton) {
      begin();
      show();
    } else {
      void deleteAll(options);
    }
  });
  list.onDidTriggerItemButton(({ item, button }) => {
    const record = book.get(item.id);
    if (record === null) return;
    if (button === renameButton) {
      list.hide();
      void rename(options, record);
    } else {
      deleteOne(options, record);
      update();
    }
  });
  list.onDidHide(() => {
    list.dispose();
  });
  update();
  list.show();
}

async function rename(options: ConversationListOptions, record: ConversationRecord): Promise<void> {
  const title = await vscode.window.showInputBox({
    title: 'Rename Conversation',
    prompt: 'Leave it empty to use the first question.',
    value: titleOf(record),
    validateInput: (text) =>
      text.length < longestTitle ? null : `Use fewer than ${String(longestTitle)} characters.`,
  });
  if (title !== undefined) options.book.rename(record.id, title);
  showConversations(options);
}

/** Deletes a conversation at once, and offers to take it back. */
function deleteOne(
  { book, openId, open, begin }: ConversationListOptions,
  record: ConversationRecord,
): void {
  const wasOpen = record.id === openId();
  if (wasOpen) begin();
  const removed = book.remove(record.id) ?? record;
  const text = `Deleted the conversation “${plainLine(titleOf(removed), 60)}”.`;
  void vscode.window.showInformationMessage(text, 'Undo').then((answer) => {
    if (answer !== 'Undo') return;
    book.add(removed);
    if (wasOpen) open(removed.id);
  });
}

async function deleteAll({ book, begin }: ConversationListOptions): Promise<void> {
  const answer = await vscode.window.showWarningMessage(
    'Delete all conversations of this workspace?',
    { modal: true, detail: 'This cannot be undone.' },
    'Delete All',
  );
  if (answer !== 'Delete All') return;
  begin();
  for (const { id } of book.list()) book.remove(id);
}
